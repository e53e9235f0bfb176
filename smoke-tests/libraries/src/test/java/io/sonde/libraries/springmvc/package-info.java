/** Spring MVC, as Spring Boot brings it. */
@NullMarked
package io.sonde.libraries.springmvc;

import org.jspecify.annotations.NullMarked;
