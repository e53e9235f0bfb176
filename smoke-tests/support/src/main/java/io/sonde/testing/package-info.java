/** What the tests under the real jar share: sinks, JVMs, forks and artefacts. */
@NullMarked
package io.sonde.testing;

import org.jspecify.annotations.NullMarked;
