/** Undertow in the versions that people run. */
@NullMarked
package io.sonde.libraries.undertow;

import org.jspecify.annotations.NullMarked;
