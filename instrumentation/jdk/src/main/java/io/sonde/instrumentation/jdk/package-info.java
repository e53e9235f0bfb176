/** What is woven into the JDK's own classes. Lives on the bootstrap search path as well, for targets that are there. */
@NullMarked
package io.sonde.instrumentation.jdk;

import org.jspecify.annotations.NullMarked;
