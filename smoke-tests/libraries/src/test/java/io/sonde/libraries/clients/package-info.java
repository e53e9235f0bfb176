/**
 * What the HTTP clients have to do alike: TLS, HTTP/2, redirects, retries, challenges, and calls
 * that fail.
 */
package io.sonde.libraries.clients;
