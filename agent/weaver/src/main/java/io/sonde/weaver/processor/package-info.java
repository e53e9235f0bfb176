/** Writes the index of targets while instrumentations are compiled. */
@NullMarked
package io.sonde.weaver.processor;

import org.jspecify.annotations.NullMarked;
