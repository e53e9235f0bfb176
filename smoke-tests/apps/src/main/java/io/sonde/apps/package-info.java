/** Applications that the tests run under the agent: they know nothing of it. */
package io.sonde.apps;
