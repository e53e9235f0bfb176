/**
 * What the tests of all servers share: applications from source text, requests, and what is
 * expected of them.
 */
@NullMarked
package io.sonde.libraries.servers;

import org.jspecify.annotations.NullMarked;
