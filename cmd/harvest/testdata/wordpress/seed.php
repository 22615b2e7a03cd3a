<?php
// Installs WordPress and fills it, then prints as JSON what it holds.
//   php seed.php install PERMALINKS     PERMALINKS: pretty or plain
//   php seed.php change                 edits one post, adds one, bins one
//   php seed.php truth                  prints what a visitor may see
define( 'SEED_ACTION', $argv[1] ); // a constant: WordPress clears globals
define( 'SEED_OPTION', $argv[2] ?? '' );
if ( 'install' === SEED_ACTION ) {
	define( 'WP_INSTALLING', true );
}
$_SERVER['HTTP_HOST']   = getenv( 'WP_TEST_HOST' );
$_SERVER['REQUEST_URI'] = '/';
require __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';

function put_post( $fields, $terms = array(), $taxonomy = 'category' ) {
	$fields += array( 'post_status' => 'publish', 'post_type' => 'post', 'post_author' => 1 );
	$id = wp_insert_post( wp_slash( $fields ), true );
	if ( is_wp_error( $id ) ) {
		fwrite( STDERR, $id->get_error_message() . "\n" );
		exit( 1 );
	}
	$ids = array();
	foreach ( $terms as $name ) {
		$term  = term_exists( $name, $taxonomy );
		$term  = $term ? $term : wp_insert_term( $name, $taxonomy );
		$ids[] = (int) $term['term_id'];
	}
	wp_set_object_terms( $id, $ids, $taxonomy );
	return $id;
}

function install( $permalinks ) {
	wp_install( 'Library on Forced Labour', 'admin', 'admin@example.org', true, '', 'not-a-secret' );
	do_action( 'init' );
	foreach ( get_posts( array( 'post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1 ) ) as $p ) {
		wp_delete_post( $p->ID, true );
	}
	update_option( 'permalink_structure', 'pretty' === $permalinks ? '/%year%/%monthnum%/%postname%/' : '' );
	update_option( 'timezone_string', 'Asia/Kathmandu' );
	flush_rewrite_rules();
	$author = wp_insert_user( array( 'user_login' => 'asha', 'user_pass' => 'not-a-secret', 'display_name' => 'Asha Gurung', 'role' => 'author' ) );
	fill( $author );
}

// put_file attaches a file of the media library to a post.
function put_file( $post, $name ) {
	$id = wp_insert_attachment( array( 'post_title' => $name, 'post_mime_type' => 'application/pdf', 'post_status' => 'inherit' ), "$name.pdf", $post );
	if ( ! $id || is_wp_error( $id ) ) {
		fail( 'attachment' );
	}
}

function fill( $author ) {
	$body = '<p>%s Recruitment fees keep migrant workers in debt, and debt keeps them at work against their will.</p>'
		. '<p>The second paragraph says how inspectors, unions and employers can find such cases early.</p>'
		. '<p><a href="/wp-content/uploads/%s.pdf">Download the report (PDF)</a></p>';
	$labels = array( 'Guidance', 'News & Analysis', 'Reports', 'Case law' );
	for ( $i = 1; $i <= 120; $i++ ) {
		put_post( array(
			'post_title' => "Debt bondage in supply chains, part $i", 'post_content' => sprintf( $body, "Part $i of a series.", "part-$i" ),
			'post_author' => $i % 2 ? $author : 1, 'post_date' => sprintf( '2021-%02d-%02d 00:30:00', 1 + $i % 12, 1 + $i % 28 ),
		), array( $labels[ $i % 4 ] ) );
	}
	put_post( array( 'post_title' => 'Rights & remedies: “what works” — a reader’s guide', 'post_content' => sprintf( $body, 'Quotes &amp; dashes.', 'remedies' ), 'post_date' => '2022-03-15 12:00:00' ), array( 'Guidance', 'Reports' ) );
	put_post( array( 'post_title' => 'Travail forcé : l’état des lieux', 'post_content' => '<p>Le travail forcé touche des millions de personnes dans le monde, et la plupart des victimes travaillent dans le secteur privé.</p><p>Ce rapport décrit les mesures prises par les États.</p>', 'post_date' => '2020-06-01 09:00:00' ), array( 'Rapport' ) );
	put_post( array( 'post_title' => 'العمل القسري في سلاسل الإمداد', 'post_content' => '<p>يتناول هذا التقرير العمل القسري في سلاسل الإمداد العالمية وسبل حماية العمال المهاجرين من الاستغلال.</p>', 'post_date' => '2019-11-20 09:00:00' ), array( 'تقرير' ) );
	put_post( array( 'post_title' => 'नेपालमा मानव बेचबिखन', 'post_content' => '<p>यो प्रतिवेदनले नेपालमा मानव बेचबिखन र जबरजस्ती श्रमको अवस्थाबारे जानकारी दिन्छ र सरकारले गर्नुपर्ने कामहरू उल्लेख गर्छ।</p>', 'post_date' => '2018-01-05 09:00:00' ), array( 'Reports' ) );
	$long = str_repeat( 'Labour inspectors need the power to enter workplaces and to speak with workers alone. ', 30 );
	put_post( array( 'post_title' => 'A long text whose excerpt WordPress cuts', 'post_content' => "<p>$long</p>", 'post_date' => '2022-05-05 10:00:00' ), array( 'Guidance' ) );
	put_post( array( 'post_title' => 'With an excerpt of its own', 'post_excerpt' => 'The editors wrote this abstract by hand.', 'post_content' => "<p>$long</p>", 'post_date' => '2022-05-06 10:00:00' ), array( 'Guidance' ) );
	put_post( array( 'post_title' => '<em>Marked up</em> title with &lt;brackets&gt; &amp;amp; entities', 'post_content' => '<p>The title is hard to read for machines, and the text has a [shortcode] in it.</p>', 'post_date' => '2022-05-07 10:00:00' ), array( 'Reports' ) );
	put_post( array( 'post_title' => '', 'post_content' => '<p>A post without a title.</p>', 'post_date' => '2022-05-08 10:00:00' ), array( 'Reports' ) );
	for ( $i = 1; $i <= 5; $i++ ) {
		put_post( array( 'post_type' => 'resource', 'post_title' => "Toolkit $i for labour inspectors", 'post_content' => sprintf( $body, "Tool $i.", "toolkit-$i" ), 'post_date' => "2023-02-0$i 08:00:00" ), array( 'Toolkit' ), 'resource_kind' );
	}
	$with = put_post( array( 'post_title' => 'With files that only its theme shows', 'post_content' => '<p>The report and its annex stand in the media library alone.</p>', 'post_date' => '2023-03-01 08:00:00' ), array( 'Reports' ) );
	put_file( $with, 'attached-report' );
	put_file( $with, 'attached-annex' );
	put_file( 0, 'of-no-post' );
	put_post( array( 'post_title' => 'A draft that nobody may see', 'post_content' => '<p>Secret draft.</p>', 'post_status' => 'draft' ) );
	put_post( array( 'post_title' => 'A private note', 'post_content' => '<p>Secret note.</p>', 'post_status' => 'private' ) );
	put_post( array( 'post_title' => 'A post behind a password', 'post_content' => '<p>Secret text.</p>', 'post_password' => 'open sesame', 'post_date' => '2022-01-01 10:00:00' ) );
	put_post( array( 'post_title' => 'A post of the future', 'post_content' => '<p>Secret plans.</p>', 'post_status' => 'future', 'post_date' => '2099-01-01 10:00:00' ) );
}

function change() {
	$p = get_page_by_path( 'debt-bondage-in-supply-chains-part-7', OBJECT, 'post' );
	wp_update_post( array( 'ID' => $p->ID, 'post_title' => 'Debt bondage in supply chains, part 7, revised' ) );
	put_post( array( 'post_title' => 'A new post since the last run', 'post_content' => '<p>New findings on recruitment fees.</p>' ), array( 'Reports' ) );
}

// truth is what an anonymous visitor may see, as WordPress itself says it.
function truth() {
	$out   = array();
	$posts = get_posts( array( 'post_type' => array( 'post', 'resource' ), 'post_status' => 'publish', 'numberposts' => -1, 'orderby' => 'ID', 'order' => 'ASC', 'has_password' => false ) );
	foreach ( $posts as $p ) {
		$labels = array();
		foreach ( array( 'category', 'resource_kind' ) as $taxonomy ) {
			foreach ( wp_get_post_terms( $p->ID, $taxonomy ) as $t ) {
				$labels[] = html_entity_decode( $t->name, ENT_QUOTES );
			}
		}
		preg_match_all( '/href="([^"]+\.pdf)"/', $p->post_content, $m );
		if ( ! $m[1] ) {
			foreach ( get_posts( array( 'post_type' => 'attachment', 'post_parent' => $p->ID, 'numberposts' => -1, 'orderby' => 'ID', 'order' => 'ASC' ) ) as $a ) {
				$m[1][] = wp_parse_url( wp_get_attachment_url( $a->ID ), PHP_URL_PATH );
			}
		}
		$out[] = array(
			'id' => $p->ID, 'url' => get_permalink( $p ), 'title' => $p->post_title, 'date' => substr( $p->post_date, 0, 10 ),
			'modified' => substr( $p->post_modified, 0, 10 ), 'labels' => $labels, 'author' => get_the_author_meta( 'display_name', $p->post_author ),
			'excerpt' => $p->post_excerpt, 'text' => trim( wp_strip_all_tags( $p->post_content ) ), 'documents' => $m[1],
		);
	}
	echo json_encode( $out, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
}

if ( 'install' === SEED_ACTION ) {
	install( SEED_OPTION );
} elseif ( 'change' === SEED_ACTION ) {
	change();
} else {
	truth();
}
