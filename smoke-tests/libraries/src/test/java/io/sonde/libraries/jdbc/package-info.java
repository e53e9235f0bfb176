/** JDBC drivers under the agent. */
package io.sonde.libraries.jdbc;
