<?php
// Loaded by WordPress at every request: a custom post type with a taxonomy of
// its own, as policy libraries have them, and no mail, no updates, no outside
// requests.
add_action( 'init', function () {
	register_post_type( 'resource', array(
		'label' => 'Resources', 'public' => true, 'show_in_rest' => true, 'rest_base' => 'resources',
		'has_archive' => true, 'supports' => array( 'title', 'editor', 'excerpt', 'author' ),
	) );
	register_taxonomy( 'resource_kind', 'resource', array(
		'label' => 'Kinds', 'public' => true, 'show_in_rest' => true, 'hierarchical' => true,
	) );
} );
add_filter( 'pre_wp_mail', '__return_true' );
add_filter( 'pre_http_request', function () { return new WP_Error( 'offline', 'no outside requests' ); } );
add_filter( 'automatic_updater_disabled', '__return_true' );
