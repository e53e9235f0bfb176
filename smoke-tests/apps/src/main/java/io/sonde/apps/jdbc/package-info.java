/** Applications that call databases, with java.sql's types only. */
package io.sonde.apps.jdbc;
