using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>What our own tracer says beyond what strace says.</summary>
internal sealed partial class StraceReader
{
    /// <summary>Where and as whom a command starts, before its first call.</summary>
    private static ReadOnlySpan<byte> OwnStart => "+++ started by shellguard as user "u8;

    /// <summary>The same of a process that ran before.</summary>
    private static ReadOnlySpan<byte> OwnFind => "+++ found by shellguard as user "u8;

    /// <summary>The names of the variables that it was given.</summary>
    private static ReadOnlySpan<byte> OwnGiven => "+++ given by shellguard: "u8;

    /// <summary>What a process used, before its end.</summary>
    private static ReadOnlySpan<byte> OwnUse => "+++ used: "u8;

    /// <returns>False where it is none of them.</returns>
    private bool ReadOwn(TraceThread thread, ReadOnlySpan<byte> body, ReadOnlySpan<byte> line, Origin origin)
    {
        bool? understood = body.StartsWith(OwnStart) ? ReadOwnStart(thread, body[OwnStart.Length..], found: false, origin)
            : body.StartsWith(OwnFind) ? ReadOwnStart(thread, body[OwnFind.Length..], found: true, origin)
            : body.StartsWith(OwnGiven) ? _calls.Given(body[OwnGiven.Length..], origin)
            : body.StartsWith(OwnUse) ? ReadUse(thread, body[OwnUse.Length..])
            : null;
        if (understood is true)
        {
            _counts.Add(LineKind.Notice);
        }
        else if (understood is false)
        {
            _counts.AddUnknown(origin, line);
        }

        return understood is not null;
    }

    /// <summary><c>+++ started by shellguard as user 0 in "/directory" +++</c>, perhaps <c>… of another root +++</c>; <c>+++ found by shellguard as user 33 in "/"
    /// running "/usr/sbin/nginx" +++</c>.</summary>
    private bool ReadOwnStart(TraceThread thread, ReadOnlySpan<byte> text, bool found, Origin origin)
    {
        bool isKnown = !text.StartsWith("?"u8);
        long user = -1;
        int digits = isKnown ? LogText.Decimal(text, out user) : 1;
        ReadOnlySpan<byte> rest = text[digits..];
        bool started = digits > 0 && rest.StartsWith(" in "u8) && _calls.Start(thread, rest[" in "u8.Length..], isKnown ? user : null, found);
        if (started && thread.Process.HasOtherRoot)
        {
            // It may have been the container's program already: nobody can tell from outside.
            _coverage.Note(CoverageProblem.AttachedMidRun, origin);
        }

        _isOwn |= started;
        return started;
    }

    /// <summary><c>+++ used: utime=1200 stime=300 maxrss=4096 rchar=17 wchar=0 read_bytes=0 write_bytes=0 +++</c>:
    /// microseconds, KiB, bytes.</summary>
    private static bool ReadUse(TraceThread thread, ReadOnlySpan<byte> text)
    {
        long? user = Value(text, "utime="u8), system = Value(text, "stime="u8), memory = Value(text, "maxrss="u8);
        if (user is null || system is null || memory is null)
        {
            return false;
        }

        if (thread.Process.Life is { } life)
        {
            life.Use = new ResourceUse(
                user.Value, system.Value, memory.Value, Value(text, "rchar="u8), Value(text, "wchar="u8), Value(text, "read_bytes="u8),
                Value(text, "write_bytes="u8));
        }

        return true;
    }

    private static long? Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        int at = text.IndexOf(name);
        return at >= 0 && (at == 0 || text[at - 1] == ' ') && LogText.Decimal(text[(at + name.Length)..], out long value) > 0 ? value : null;
    }
}
