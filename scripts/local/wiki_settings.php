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

$wgCacheDirectory = __DIR__ . '/cache';
$wgLocalisationCacheConf['store'] = 'array';
$wgTmpDirectory = __DIR__ . '/tmp';

// A wiki for trying things out: quick fingers and short passwords are welcome.
$wgRateLimits = [];
$wgAccountCreationThrottle = [];
$wgPasswordAttemptThrottle = [];
$wgPasswordPolicy['policies'] = [ 'default' => [ 'MinimalPasswordLength' => 1 ] ];
$wgPasswordConfig['pbkdf2']['cost'] = '1000';

$wgShowExceptionDetails = true;
