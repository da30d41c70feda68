using System.Buffers;
using System.Text;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Model;

/// <summary>The kernel under which something was recorded, as uname(2) told it to our own tracer.</summary>
/// <param name="Release">For example <c>6.18.5</c>.</param>
/// <param name="Machine">For example <c>x86_64</c>.</param>
public sealed record RecordedKernel(string Release, string Machine)
{
    /// <summary>Bytes of each, uname(2).</summary>
    private const int MaxLength = 64;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+~-");

    /// <summary>This host's.</summary>
    internal static RecordedKernel Here
    {
        get
        {
            (string release, string hardware) = ShellGuard.Linux.Calls.Machine.Identity;
            return new RecordedKernel(release, hardware);
        }
    }

    /// <summary>Whether both are words such as kernels have: what stands in a file can be anything.</summary>
    internal bool IsPlausible => IsWord(Release) && IsWord(Machine);

    /// <summary>The first line of a recording: <c>shellguard: recorded by eBPF on Linux 6.18.5 x86_64</c>.</summary>
    /// <param name="tracer">What recorded.</param>
    internal byte[] ToNotice(string tracer) => KernelText.Encode($"shellguard: recorded by {tracer} on Linux {Release} {Machine}");

    /// <param name="notice">The first line of a recording, behind <c>shellguard: </c>.</param>
    /// <returns>Null where it names none.</returns>
    internal static RecordedKernel? OfNotice(ReadOnlySpan<byte> notice)
    {
        ReadOnlySpan<byte> on = " on Linux "u8;
        int at = notice.StartsWith("recorded by "u8) ? notice.IndexOf(on) : -1;
        if (at < 0 || !Ascii.IsValid(notice))
        {
            return null;
        }

        string[] words = Encoding.ASCII.GetString(notice[(at + on.Length)..]).Split(' ');
        return words is [{ } release, { } machine] && new RecordedKernel(release, machine) is { IsPlausible: true } kernel ? kernel : null;
    }

    public override string ToString() => $"Linux {Release} {Machine}";

    private static bool IsWord(string text) => text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(Letters);
}
