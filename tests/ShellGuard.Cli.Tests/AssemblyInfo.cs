// The command line writes to one standard output and reads one environment.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
