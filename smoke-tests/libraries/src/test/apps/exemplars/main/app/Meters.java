package app;

/** One library's counter and histogram. */
public interface Meters {
  /** Counts a call and its duration. */
  void record(double seconds);

  /** The page that Prometheus would see, in OpenMetrics. */
  String scrape() throws Exception;
}
