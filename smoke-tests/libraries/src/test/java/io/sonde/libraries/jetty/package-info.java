/** Jetty in the versions that people run. */
@NullMarked
package io.sonde.libraries.jetty;

import org.jspecify.annotations.NullMarked;
