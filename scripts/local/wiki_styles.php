<?php
// A stand-in for the extension TemplateStyles, which no Debian package carries.
//
// Real: css-sanitizer, the library that decides which CSS may be used (MediaWiki 1.43 brings it),
// and MediaWiki's own removal of sheets that stand on a page twice. Ours, after what is known of
// the extension: the content model sanitized-css, the refusal to save a sheet with a fault, the
// tag, the class before each selector, the limit of size. Left out: URLs, fonts, @namespace
// (all refused here), the attribute "wrapper", the turning of left and right.

namespace DeveloperBadges\StandIn;

use MediaWiki\Content\CodeContentHandler;
use MediaWiki\Content\Content;
use MediaWiki\Content\TextContent;
use MediaWiki\Content\ValidationParams;
use MediaWiki\Html\Html;
use MediaWiki\Parser\Parser;
use MediaWiki\Revision\SlotRecord;
use MediaWiki\Title\Title;
use StatusValue;
use Wikimedia\CSS\Grammar\CheckedMatcher;
use Wikimedia\CSS\Grammar\GrammarMatch;
use Wikimedia\CSS\Grammar\MatcherFactory;
use Wikimedia\CSS\Grammar\NothingMatcher;
use Wikimedia\CSS\Objects\ComponentValueList;
use Wikimedia\CSS\Objects\Token;
use Wikimedia\CSS\Parser\Parser as CSSParser;
use Wikimedia\CSS\Sanitizer\KeyframesAtRuleSanitizer;
use Wikimedia\CSS\Sanitizer\MediaAtRuleSanitizer;
use Wikimedia\CSS\Sanitizer\PageAtRuleSanitizer;
use Wikimedia\CSS\Sanitizer\StylePropertySanitizer;
use Wikimedia\CSS\Sanitizer\StyleRuleSanitizer;
use Wikimedia\CSS\Sanitizer\StylesheetSanitizer;
use Wikimedia\CSS\Sanitizer\SupportsAtRuleSanitizer;
use Wikimedia\CSS\Util;

const MODEL = 'sanitized-css';
const MOST = 102400; // bytes of a sheet

/** What CSS may hold, with no address in it. */
class Grammar extends MatcherFactory {
	/** @inheritDoc */
	public function url( $type ) {
		return new NothingMatcher();
	}

	/** @inheritDoc */
	public function urlstring( $type ) {
		return new NothingMatcher();
	}
}

/** The text of a sheet. */
class Sheet extends TextContent {
	public function __construct( $text, $modelId = MODEL ) {
		parent::__construct( $text, $modelId );
	}
}

/** A sheet is refused when it is saved with a fault. */
class Handler extends CodeContentHandler {
	public function __construct( $modelId = MODEL ) {
		parent::__construct( $modelId, [ CONTENT_FORMAT_CSS ] );
	}

	/** @inheritDoc */
	protected function getContentClass() {
		return Sheet::class;
	}

	/** @inheritDoc */
	public function validateSave( Content $content, ValidationParams $validationParams ) {
		[ , $faults ] = read( $content->getText() );
		$status = StatusValue::newGood();
		foreach ( $faults as $fault ) {
			$status->fatal( 'rawmessage', "sanitized-css: $fault" );
		}
		return $status;
	}
}

/** Return a sheet as the library leaves it, and its faults: "what (line, character)". */
function read( string $text ): array {
	if ( strlen( $text ) > MOST ) {
		return [ '', [ 'larger than ' . MOST . ' bytes' ] ];
	}
	$parser = CSSParser::newFromString( $text );
	$sanitizer = sanitizer();
	$sheet = $sanitizer->sanitize( $parser->parseStylesheet() );
	$faults = [];
	foreach ( [ ...$parser->getParseErrors(), ...$sanitizer->getSanitizationErrors() ] as $error ) {
		$faults[] = "$error[0] ($error[1], $error[2]) " . implode( ' ', array_slice( $error, 3 ) );
	}
	$css = $sheet ? Util::stringify( $sheet, [ 'minify' => true ] ) : '';
	if ( preg_match( '/<\/?[a-z!]/i', $css ) ) {
		return [ '', [ 'a tag in the sheet' ] ];
	}
	return [ $css, $faults ];
}

/** Set the library up: each selector is for what is inside of .mw-parser-output. */
function sanitizer(): StylesheetSanitizer {
	$grammar = new Grammar();
	$properties = new StylePropertySanitizer( $grammar );
	// "html.night .a" → "html.night .mw-parser-output .a"
	$isPage = new CheckedMatcher(
		$grammar->cssSimpleSelectorSeq(),
		static function ( ComponentValueList $values, GrammarMatch $match, array $options ) {
			foreach ( $match->getCapturedMatches() as $part ) {
				if ( $part->getName() === 'element' ) {
					return in_array( (string)$part, [ 'html', 'body' ], true );
				}
			}
			return false;
		}
	);
	$rules = [
		'styles' => new StyleRuleSanitizer( $grammar->cssSelectorList(), $properties, [
			'prependSelectors' => [
				new Token( Token::T_DELIM, '.' ),
				new Token( Token::T_IDENT, 'mw-parser-output' ),
			],
			'hoistableComponentMatcher' => $isPage,
		] ),
		'@keyframes' => new KeyframesAtRuleSanitizer( $grammar, $properties ),
		'@page' => new PageAtRuleSanitizer( $grammar, $properties ),
		'@media' => new MediaAtRuleSanitizer( $grammar->cssMediaQueryList() ),
		'@supports' => new SupportsAtRuleSanitizer( $grammar, [
			'declarationSanitizer' => $properties,
		] ),
	];
	$rules['@media']->setRuleSanitizers( $rules );
	$rules['@supports']->setRuleSanitizers( $rules );
	return new StylesheetSanitizer( $rules );
}

/** Render <templatestyles src="…"/>. */
function tag( ?string $text, array $params, Parser $parser ): string {
	$title = Title::newFromText( $params['src'] ?? '', NS_TEMPLATE );
	$revision = $title ? $parser->fetchCurrentRevisionRecordOfTitle( $title ) : null;
	if ( $title ) {
		$id = $revision ? $revision->getId() : 0;
		$parser->getOutput()->addTemplate( $title, $title->getArticleID(), $id );
	}
	$content = $revision ? $revision->getContent( SlotRecord::MAIN ) : null;
	if ( !$content || $content->getModel() !== MODEL ) {
		return '<strong class="error">There is no sheet of styles.</strong>';
	}
	static $read = []; // a page with twenty cards asks twenty times
	$css = $read[$revision->getId()] ??= read( $content->getText() )[0];
	// A marker, so that the parser does not take the sheet for wikitext.
	$marker = Parser::MARKER_PREFIX . '-templatestyles-' .
		sprintf( '%08X', $parser->mMarkerIndex++ ) . Parser::MARKER_SUFFIX;
	$parser->getStripState()->addNoWiki( $marker, $css );
	$attributes = [ 'data-mw-deduplicate' => 'TemplateStyles:r' . $revision->getId() ];
	return Html::inlineStyle( $marker, 'all', $attributes );
}

$wgContentHandlers[MODEL] = Handler::class;
$wgHooks['ParserFirstCallInit'][] = static function ( Parser $parser ) {
	$parser->setHook( 'templatestyles', '\DeveloperBadges\StandIn\tag' );
};
$wgHooks['ContentHandlerDefaultModelFor'][] = static function ( Title $title, &$model ) {
	if ( $title->getNamespace() === NS_TEMPLATE && $title->isSubpage() &&
		str_ends_with( $title->getText(), '.css' )
	) {
		$model = MODEL;
		return false;
	}
};
