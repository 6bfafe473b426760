<?php
// For PHP's own web server: page titles go to MediaWiki, files to whoever asks for them.

$path = parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) ?: '/';
if ( $path === '/' ) {
	header( 'Location: /wiki/' );
	return true;
}
if ( $path === '/wiki' || str_starts_with( $path, '/wiki/' ) ) {
	$_SERVER['SCRIPT_NAME'] = '/w/index.php';
	$_SERVER['SCRIPT_FILENAME'] = __DIR__ . '/html/w/index.php';
	$_SERVER['PHP_SELF'] = '/w/index.php';
	chdir( __DIR__ . '/html/w' );
	require __DIR__ . '/html/w/index.php';
	return true;
}
return false;
