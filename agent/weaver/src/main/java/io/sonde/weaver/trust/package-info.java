/**
 * Who may change a file, asked before the application's main method, and only by a JVM that starts
 * from an AOT cache: those have NIO's file system already.
 */
package io.sonde.weaver.trust;
