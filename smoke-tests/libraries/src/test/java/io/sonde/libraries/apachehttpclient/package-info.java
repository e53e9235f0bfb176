/** Apache HttpClient, classic and asynchronous, under the real jar. */
@NullMarked
package io.sonde.libraries.apachehttpclient;

import org.jspecify.annotations.NullMarked;
