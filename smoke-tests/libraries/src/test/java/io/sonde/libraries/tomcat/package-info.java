/** Tomcat in the versions that people run. */
@NullMarked
package io.sonde.libraries.tomcat;

import org.jspecify.annotations.NullMarked;
