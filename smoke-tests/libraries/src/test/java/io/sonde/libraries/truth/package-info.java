/** Spans of samples against what the stack of each sample says. */
@NullMarked
package io.sonde.libraries.truth;

import org.jspecify.annotations.NullMarked;
