using System.Buffers.Binary;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;

namespace ShellGuard.Cells.Jobs;

/// <summary>The supervisor's side of a cell that takes jobs: sends them, and hears what becomes of their processes. For
/// one thread.</summary>
/// <param name="plan">The cell's plan.</param>
/// <param name="socket">The supervisor's end; belongs to this object from now on.</param>
internal sealed class Porter(CellPlan plan, Descriptor socket) : IDisposable
{
    /// <summary>A report that the porter says of itself: the steps of a job were walked.</summary>
    private const int Walked = -1;

    private readonly Queue<PorterReport> _reports = new();

    /// <summary>Readable when there is a report.</summary>
    public Descriptor Socket => socket;

    /// <summary>Whether reports wait that need not be read from the socket any more.</summary>
    public bool HasReports => _reports.Count > 0;

    /// <summary>Starts a job.</summary>
    /// <param name="processes">Its processes by the cell's numbers, in the order of the stages; all 0 on failure.</param>
    /// <param name="problem">Why a stage could not be executed; the others run, and it ends like a program with status
    /// 127. Null when all run.</param>
    /// <returns>An error where the porter is gone.</returns>
    /// <exception cref="LinuxException">There is no memory for it.</exception>
    /// <exception cref="ArgumentException">Arguments and environment are longer than any command's can be.</exception>
    public LinuxResult Start(
        IReadOnlyList<JobStage> stages, bool inForeground, out IReadOnlyList<int> processes, out string? problem)
    {
        LaunchScript script = JobBuilder.Build(plan, stages, inForeground, out IReadOnlyList<Descriptor> given);
        using JobMemory job = new(script);
        LinuxResult result = Walk(job, given);
        problem = result.Succeeded && job.FailedStep(out Errno error) is { } step
            ? $"{step.Purpose}: {step.Call}: {error}"
            : null;
        processes = result.Succeeded ? job.Children : new int[stages.Count];
        return result;
    }

    /// <summary>Sends a signal to a job. One that has ended is no error.</summary>
    public LinuxResult Signal(int leader, int signal, bool inForeground)
    {
        using JobMemory job = new(JobBuilder.Signal(leader, signal, inForeground));
        return Walk(job, []);
    }

    /// <summary>Takes the next report, waiting for it.</summary>
    /// <returns>An error when the porter is gone.</returns>
    public LinuxResult Receive(out PorterReport report)
    {
        if (_reports.TryDequeue(out report))
        {
            return default;
        }

        return Read(out report);
    }

    public void Dispose() => socket.Dispose();

    private LinuxResult Walk(JobMemory job, IReadOnlyList<Descriptor> given)
    {
        LinuxResult result = Sockets.SendDescriptors(socket, job.Message, [job.Descriptor, .. given]);
        while (result.Succeeded)
        {
            result = Read(out PorterReport report);
            if (result.Succeeded && report.Process == Walked)
            {
                return result;
            }

            if (result.Succeeded)
            {
                _reports.Enqueue(report);
            }
        }

        return result;
    }

    /// <summary>Two <c>struct timeval</c> and ru_maxrss in KiB, getrusage(2).</summary>
    /// <returns>Null where no process can have used that.</returns>
    private static ProcessUsage? UsageOf(ReadOnlySpan<byte> usage)
    {
        const long mostKibibytes = long.MaxValue / 1024;
        long memory = BinaryPrimitives.ReadInt64LittleEndian(usage[32..]);
        return TimeOf(usage) is { } user && TimeOf(usage[16..]) is { } system && memory is >= 0 and <= mostKibibytes
            ? new ProcessUsage(user, system, memory * 1024)
            : null;
    }

    private static TimeSpan? TimeOf(ReadOnlySpan<byte> timeval)
    {
        const long thousandYears = 1000L * 366 * 24 * 60 * 60;
        long seconds = BinaryPrimitives.ReadInt64LittleEndian(timeval);
        long microseconds = BinaryPrimitives.ReadInt64LittleEndian(timeval[8..]);
        return seconds is >= 0 and <= thousandYears && microseconds is >= 0 and < 1_000_000
            ? TimeSpan.FromSeconds(seconds) + TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private LinuxResult Read(out PorterReport report)
    {
        const int plain = 8;
        const int withUsage = 48;
        Span<byte> message = stackalloc byte[withUsage];
        LinuxResult result = Sockets.ReceiveDescriptors(socket, message, 0, out _);
        report = new PorterReport(
            BinaryPrimitives.ReadInt32LittleEndian(message), BinaryPrimitives.ReadInt32LittleEndian(message[4..]))
        {
            Usage = result is { Succeeded: true, Value: withUsage } ? UsageOf(message[plain..]) : null,
        };
        bool isReport = result.Value is plain || (result.Value is withUsage && report.Usage is not null);
        return result.Succeeded && !isReport ? result with { Error = Errno.EPIPE } : result;
    }
}
