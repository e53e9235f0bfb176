/**
 * JMX beans as metrics by a rule file, in the format of Prometheus's JMX exporter.
 *
 * <p>The file is read at the first scrape and the beans at each, on the thread that scrapes; none
 * of it is loaded where no rule file is set.
 */
package io.sonde.agent.jmx;
