"""Computing on a Spark cluster, through Spark Connect: everything that knows of Spark, for which there is the extra `spark`."""
