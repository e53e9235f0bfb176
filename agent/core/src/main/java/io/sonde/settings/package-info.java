/**
 * The agent's settings: one table of options and the reader of their values.
 *
 * <p>Read once at start, on the thread that starts the agent; bad values are collected and said in
 * one line.
 */
package io.sonde.settings;
