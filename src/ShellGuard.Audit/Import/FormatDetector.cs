using ShellGuard.Audit.Import.Strace;

namespace ShellGuard.Audit.Import;

/// <summary>Finds out by its first lines who wrote a recording.</summary>
internal static class FormatDetector
{
    /// <summary>Lines looked at.</summary>
    public const int Lines = 200;

    /// <summary>Bytes looked at.</summary>
    public const long MaxBytes = 1024 * 1024;

    /// <returns><see cref="TraceFormat.Auto"/> where it is none that is known.</returns>
    public static TraceFormat Detect(IReadOnlyList<byte[]> lines)
    {
        foreach (byte[] line in lines)
        {
            if (Tables.TableHeader.Parse(line) is not null)
            {
                return TraceFormat.Ebpf;
            }

            if (line.AsSpan().StartsWith("{\"v\":"u8) && line.AsSpan().IndexOf("\"session\":"u8) > 0)
            {
                return TraceFormat.Journal;
            }

            if (line.AsSpan().StartsWith("{"u8) && line.AsSpan().IndexOf("\"type\""u8) > 0)
            {
                return TraceFormat.BpftraceJson;
            }

            if (Perf.PerfLine.Trace(line) is not null)
            {
                return TraceFormat.PerfTrace;
            }

            if (Perf.PerfLine.Script(line) is not null)
            {
                return TraceFormat.PerfScript;
            }

            if (IsStrace(line))
            {
                return TraceFormat.Strace;
            }
        }

        return TraceFormat.Auto;
    }

    private static bool IsStrace(ReadOnlySpan<byte> line)
    {
        byte[] plain = line.ToArray();
        ReadOnlySpan<byte> text = plain.AsSpan(0, LogText.RemoveControlSequences(plain));
        ReadOnlySpan<byte> body = text[StraceLeader.Read(text, out _)..];
        return StraceScanner.Scan(body).Form is not (StraceForm.None or StraceForm.Broken)
            || body.StartsWith("+++ exited with "u8) || body.StartsWith("+++ killed by "u8)
            || body.StartsWith("--- SIG"u8) || body.StartsWith("--- stopped by "u8) || SummaryTable.IsHeader(body)
            || (body.StartsWith("<... "u8) && body.IndexOf(" resumed>"u8) > 0);
    }
}
