/** Trace ids in what logging libraries write. */
@NullMarked
package io.sonde.libraries.logs;

import org.jspecify.annotations.NullMarked;
