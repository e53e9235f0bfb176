/** What is woven into the JDK itself, on every JDK that is here, with the verifier on for all. */
@NullMarked
package io.sonde.libraries.jdk;

import org.jspecify.annotations.NullMarked;
