/** OkHttp in its versions. */
package io.sonde.libraries.okhttp;
