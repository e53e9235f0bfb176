/**
 * What a call to a database is about: the database, from its JDBC URL, and the query, from its SQL
 * with every literal taken out.
 *
 * <p>Each URL and each text is read once, into an object that calls share; how many are kept, and
 * how much of a text is read, is bounded. Knows nothing of spans.
 */
package io.sonde.core.database;
