using System.Runtime.Versioning;
using Xunit;

[assembly: SupportedOSPlatform("linux")]

// Half of the time a test here waits for processes, so more of them than processors run at once.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
