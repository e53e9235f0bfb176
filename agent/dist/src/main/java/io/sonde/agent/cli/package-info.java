/**
 * The command line of the agent's jar: help, attach, why, warm. Runs in a JVM of its own, beside
 * the application's.
 */
package io.sonde.agent.cli;
