// What tests ask of a page in the browser: each function looks at the elements of the badges
// (classes that begin with "devbadges") and returns the faults it finds, as plain data.
window.probes = ( () => {
	const OURS = '[class^="devbadges"], [class*=" devbadges"]';
	// Elements that may be wider inside than outside: they scroll on their own.
	const SCROLLS = '.devbadges-wide';

	const ours = () => [ ...document.querySelectorAll( OURS ) ];
	const isShown = ( element ) => element.checkVisibility( { visibilityProperty: true } ) &&
		element.getClientRects().length > 0;
	const describe = ( element ) => `${ element.tagName.toLowerCase() }.${ element.className }`;

	// "rgb(1, 2, 3)", "rgba(…)", "color(srgb …)" → [ red, green, blue, alpha ], 0..255 and 0..1.
	const canvas = document.createElement( 'canvas' );
	canvas.width = canvas.height = 1;
	const brush = canvas.getContext( '2d', { willReadFrequently: true } );
	const readColour = ( text ) => {
		brush.clearRect( 0, 0, 1, 1 );
		brush.fillStyle = text;
		brush.fillRect( 0, 0, 1, 1 );
		const [ red, green, blue, alpha ] = brush.getImageData( 0, 0, 1, 1 ).data;
		return [ red, green, blue, alpha / 255 ];
	};
	const lay = ( above, below ) => [ 0, 1, 2 ]
		.map( ( i ) => above[ i ] * above[ 3 ] + below[ i ] * ( 1 - above[ 3 ] ) ).concat( 1 );

	// The colour behind the text of an element: all backgrounds from the page up to it.
	const background = ( element ) => {
		const layers = [];
		for ( let each = element; each; each = each.parentElement ) {
			const colour = readColour( getComputedStyle( each ).backgroundColor );
			layers.push( colour );
			if ( colour[ 3 ] === 1 ) {
				break;
			}
		}
		// Where nobody paints, the browser's own paper is seen.
		return layers.reduceRight( ( below, above ) => lay( above, below ), readColour( 'Canvas' ) );
	};
	// WCAG 2.2, "relative luminance" and "contrast ratio".
	const luminance = ( colour ) => {
		const [ red, green, blue ] = colour.map( ( part ) => {
			part /= 255;
			return part <= 0.04045 ? part / 12.92 : ( ( part + 0.055 ) / 1.055 ) ** 2.4;
		} );
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const ratio = ( one, other ) => {
		const [ dark, light ] = [ luminance( one ), luminance( other ) ].sort( ( a, b ) => a - b );
		return ( light + 0.05 ) / ( dark + 0.05 );
	};
	// 18 points, or 14 points in bold, is large (WCAG 2.2, 1.4.3).
	const needed = ( style ) => {
		const size = parseFloat( style.fontSize ) * 0.75;
		return size >= 18 || ( size >= 14 && style.fontWeight >= 700 ) ? 3 : 4.5;
	};

	// Each piece of text within the badges: { text, ratio, needed, in }. Printers leave
	// backgrounds out: on paper everything stands on white.
	const contrasts = ( onPaper ) => {
		const found = [];
		for ( const root of ours() ) {
			if ( root.parentElement.closest( OURS ) || !isShown( root ) ) {
				continue;
			}
			const walker = document.createTreeWalker( root, NodeFilter.SHOW_TEXT );
			while ( walker.nextNode() ) {
				const text = walker.currentNode.data.trim();
				const element = walker.currentNode.parentElement;
				if ( !text || !isShown( element ) || element.closest( 'style' ) ) {
					continue;
				}
				const style = getComputedStyle( element );
				const behind = onPaper ? [ 255, 255, 255, 1 ] : background( element );
				found.push( {
					text,
					ratio: ratio( lay( readColour( style.color ), behind ), behind ),
					needed: needed( style ),
					in: describe( element )
				} );
			}
		}
		return found;
	};

	// The luminance of what an element stands on: 0 is black, 1 is white.
	const brightness = ( selector ) => luminance( background( document.querySelector( selector ) ) );

	// Our elements that are wider than there is room, and do not scroll.
	const spills = () => {
		const wide = document.documentElement.clientWidth;
		return ours().filter( ( element ) => {
			if ( !isShown( element ) || element.closest( SCROLLS ) && !element.matches( SCROLLS ) ) {
				return false;
			}
			const box = element.getBoundingClientRect();
			const style = getComputedStyle( element );
			const isInside = box.left >= -0.5 && box.right <= wide + 0.5;
			const fits = style.display === 'inline' || style.overflowX === 'auto' ||
				element.scrollWidth <= element.clientWidth + 1;
			return !( isInside && fits );
		} ).map( describe );
	};

	// Where elements lie: [ left, right ] of the first one, in pixels from the left.
	const edges = ( ...selectors ) => selectors.map( ( selector ) => {
		const element = document.querySelector( selector );
		if ( !element ) {
			return null;
		}
		const box = element.getBoundingClientRect();
		return [ box.left, box.right ];
	} );

	// The box around what an element holds of ours (else the element), with some air; null if
	// the page shows no such element.
	const box = ( selector, air = 8 ) => {
		const element = document.querySelector( selector );
		if ( !element || !isShown( element ) ) {
			return null;
		}
		const inside = ours().filter( ( each ) => element.contains( each ) && isShown( each ) );
		const rects = ( inside.length ? inside : [ element ] )
			.map( ( each ) => each.getBoundingClientRect() );
		const left = Math.max( 0, Math.min( ...rects.map( ( rect ) => rect.left ) ) - air );
		const top = Math.max( 0, Math.min( ...rects.map( ( rect ) => rect.top ) ) - air );
		const right = Math.max( ...rects.map( ( rect ) => rect.right ) ) + air;
		const bottom = Math.max( ...rects.map( ( rect ) => rect.bottom ) ) + air;
		return { x: left, y: top, width: right - left, height: bottom - top };
	};

	// How each of our elements came out: its name, its box, and what the sheet says of it.
	const PROPERTIES = [
		'display', 'color', 'background-color', 'font-size', 'font-weight', 'line-height',
		'border-top-color', 'border-top-width', 'border-radius', 'padding', 'text-align'
	];
	const outcome = () => ours().filter( isShown ).map( ( element ) => {
		const style = getComputedStyle( element );
		const rect = element.getBoundingClientRect();
		return [
			describe( element ), Math.round( rect.width ), Math.round( rect.height ),
			...PROPERTIES.map( ( name ) => style.getPropertyValue( name ) )
		];
	} );

	// axe-core on the badges alone: what it objects to, each with the elements.
	const axeOn = async ( tags ) => {
		const roots = ours()
			.filter( ( element ) => !element.parentElement.closest( OURS ) && isShown( element ) );
		const found = await axe.run( { include: roots }, {
			runOnly: { type: 'tag', values: tags }, resultTypes: [ 'violations' ]
		} );
		return {
			roots: roots.length,
			passes: found.passes.length,
			violations: found.violations.map( ( each ) => ( {
				id: each.id, help: each.help, where: each.nodes.map( ( node ) => node.html )
			} ) )
		};
	};

	return { contrasts, brightness, spills, edges, box, outcome, axeOn };
} )();
