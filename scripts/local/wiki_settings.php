<?php
// What the local wiki of scripts/wiki has beyond MediaWiki's own defaults. Read at the end of
// LocalSettings.php; this file lies beside the folders for data, cache and tmp.

$wgArticlePath = '/wiki/$1';
$wgUsePathInfo = true;
$wgMetaNamespace = 'Developer_Wiki';

$wgScribuntoDefaultEngine = 'luasandbox';

// Nothing reaches out, nothing comes in.
$wgUseInstantCommons = false;
$wgEnableUploads = false;
$wgEnableEmail = false;
$wgPingback = false;

// Jobs run when scripts/wiki jobs says so, and at no other time.
$wgJobRunRate = 0;

// The cache in memory forgets everything when it is full; nobody shall be logged out by that.
$wgSessionCacheType = CACHE_DB;

$wgCacheDirectory = __DIR__ . '/cache';
$wgLocalisationCacheConf['store'] = 'array';
$wgTmpDirectory = __DIR__ . '/tmp';

// Readers see light or dark as their system does, as on Wikimedia wikis (from 1.43 on).
$wgVectorNightMode = [ 'beta' => true, 'logged_out' => true, 'logged_in' => true ];
$wgDefaultUserOptions['vector-theme'] = 'os';

// Sheets for templates, where the library is that says which CSS they may hold (1.43 and newer).
if ( class_exists( 'Wikimedia\\CSS\\Parser\\Parser' ) ) {
	require __DIR__ . '/styles.php';
}

// A plain medal, so that no page asks for a logo.
$badge = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 124 124">'
	. '<circle cx="50" cy="50" r="46" fill="#fbe8a6" stroke="#b8860b" stroke-width="6"/>'
	. '<path d="M30 52l14 14 27-32" fill="none" stroke="#594300" stroke-width="9"/></svg>';
$wgLogos = array_fill_keys( [ '1x', 'icon' ], 'data:image/svg+xml;base64,' . base64_encode( $badge ) );

// A wiki for trying things out: quick fingers and short passwords are welcome.
$wgRateLimits = [];
$wgAccountCreationThrottle = [];
$wgPasswordAttemptThrottle = [];
$wgPasswordPolicy['policies'] = [ 'default' => [ 'MinimalPasswordLength' => 1 ] ];
$wgPasswordConfig['pbkdf2']['cost'] = '1000';

$wgShowExceptionDetails = true;
