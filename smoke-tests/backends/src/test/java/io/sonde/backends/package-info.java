/** Real servers, built from their Go modules, and what they say arrived. */
package io.sonde.backends;
