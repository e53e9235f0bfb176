/** Class loaders that hide the bootstrap search path from what they load. */
package io.sonde.instrumentation.loaders;
