/** OkHttp, sync and async. */
package io.sonde.instrumentation.okhttp;
