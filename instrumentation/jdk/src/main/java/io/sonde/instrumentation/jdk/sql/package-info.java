/** Where JDBC drivers make themselves known. */
package io.sonde.instrumentation.jdk.sql;
