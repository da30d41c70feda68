using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>When a session started, on the clock that the target's file system stamps changes with.</summary>
internal static class SessionClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    // What disciplining a clock may shift without a step.
    private const long Tolerated = 50_000_000;

    /// <summary>The time that a change would be stamped with now: that of an unnamed file in the target, which leaves
    /// no trace there, or where that cannot be made, of one in the storage.</summary>
    internal static LinuxResult Now(Descriptor target, Descriptor storage, out TimeSpec now)
    {
        LinuxResult result = Stamp(target, out now);
        return result.Failed ? Stamp(storage, out now) : result;
    }

    internal static long Offset()
    {
        TimeSpec real = FileMetadata.Now(Clock.REALTIME);
        TimeSpec boot = FileMetadata.Now(Clock.BOOTTIME);
        return ((real.tv_sec - boot.tv_sec) * NanosecondsPerSecond) + real.tv_nsec - boot.tv_nsec;
    }

    internal static string BootId()
    {
        using (Open("/proc/sys/kernel/random/boot_id", out Descriptor file))
        {
            Span<byte> bytes = stackalloc byte[64];
            LinuxResult result = FileContent.ReadFully(file, bytes, 0);
            return result.Failed ? "" : KernelText.Decode(bytes[..(int)result.Value]).TrimEnd();
        }
    }

    /// <summary>From when on a time of change means that the host changed something. Where the clock was set back since
    /// the start, earlier by as much: that gives false alarms instead of missed changes.</summary>
    internal static TimeSpec Threshold(LayerMetadata metadata)
    {
        long back = metadata.BootId == BootId() ? metadata.ClockOffset - Offset() : 0;
        if (back <= Tolerated)
        {
            return metadata.Start;
        }

        long seconds = (back / NanosecondsPerSecond) + 1;
        return new TimeSpec(metadata.Start.tv_sec - seconds, metadata.Start.tv_nsec);
    }

    private static Descriptor Open(string path, out Descriptor file)
    {
        Files.Open(path, OpenFlags.RDONLY, out file);
        return file;
    }

    private static LinuxResult Stamp(Descriptor directory, out TimeSpec time)
    {
        LinuxResult result = Files.OpenUnnamed(directory, out Descriptor file);
        using (file)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(file, out status);
            time = status.Changed;
            return result;
        }
    }
}
