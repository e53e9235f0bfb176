/** Jersey and RESTEasy in the versions that people run. */
@NullMarked
package io.sonde.libraries.jaxrs;

import org.jspecify.annotations.NullMarked;
