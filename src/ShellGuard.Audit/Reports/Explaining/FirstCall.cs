using System.Text;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Import.Strace;
using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports.Explaining;

/// <summary>Finds where a system call stands first that reached nothing, and of which an audit has the number only.
/// </summary>
internal static class FirstCall
{
    /// <returns>Null where no recording of strace's form is there, or not the same any more.</returns>
    public static SeenAccess? Find(ImportResult result, SeenCall call)
    {
        byte[] name = Encoding.ASCII.GetBytes(call.Name + "(");
        for (int input = 0; input < result.Inputs.Count; input++)
        {
            if (result.Inputs[input] is { Sha256: not null, Name: not "-", Format: TraceFormat.Strace } recording
                && Find(recording, name, out int pid, out Outcome outcome) is > 0 and long line)
            {
                Access access = new(Chain(result, input, line, pid), Operation.SystemCall, call.Name, null)
                {
                    Kind = ObjectKind.SystemCall,
                    Outcome = outcome,
                };
                return new SeenAccess(access, call.Count, new Origin(input, line));
            }
        }

        return null;
    }

    /// <returns>The line; 0 where it is not there.</returns>
    private static long Find(ImportedInput recording, byte[] name, out int pid, out Outcome outcome)
    {
        (long found, pid, outcome) = (0, 0, Outcome.Unknown);
        try
        {
            using OpenInput opened = OpenInput.Again(recording.Name);
            using InputFile file = InputFile.Open(opened);
            while (file.Lines.TryRead(out ReadOnlySpan<byte> line))
            {
                // The rest is read for its hash.
                int thread = 0;
                ReadOnlySpan<byte> body = found == 0 ? line[StraceLeader.Read(line, out thread)..] : default;
                if (body.StartsWith(name))
                {
                    (found, pid, outcome) = (file.Lines.Number, thread, OutcomeOf(body));
                }
            }

            return file.Finish(recording.Format, isWhole: true).Sha256 == recording.Sha256 ? found : 0;
        }
        catch (Exception failure) when (failure is ImportException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // As of a recording that is not there: what can be said is said without it.
            return 0;
        }
    }

    private static Outcome OutcomeOf(ReadOnlySpan<byte> body)
    {
        StraceCall call = StraceScanner.Scan(body);
        StraceResult result = call.Form == StraceForm.Complete ? StraceResult.Parse(call.Result) : StraceResult.Missing;
        return result.IsSuccess ? Outcome.Success
            : result.Kind == StraceResultKind.Error && !result.Text.IsEmpty ? Outcome.Of(Encoding.ASCII.GetString(result.Text))
            : Outcome.Unknown;
    }

    /// <summary>Who made it, by what the audit has nearest before it: of the same process, else of any.</summary>
    private static IReadOnlyList<ProcessIdentity> Chain(ImportResult result, int input, long line, int pid)
    {
        SeenAccess? nearest = null;
        foreach (SeenAccess seen in result.Accesses)
        {
            if (seen.Origin.Input == input && (nearest is null || IsNearer(seen, nearest, line, pid)))
            {
                nearest = seen;
            }
        }

        if (nearest is null || (pid != 0 && nearest.Access.Chain[0].Pid != pid && nearest.Access.Chain[0].Pid != 0))
        {
            return [new ProcessIdentity(pid, 0, 0, "")];
        }

        // Behind an execution it is what was executed.
        Access access = nearest.Access;
        return access is { Operation: Operation.Execute, Outcome.IsGranted: true } && nearest.Origin.Line < line
            ? [access.Chain[0] with { Program = access.Resolved ?? access.Target, Arguments = access.Arguments }, .. access.Chain.Skip(1)]
            : access.Chain;
    }

    private static bool IsNearer(SeenAccess seen, SeenAccess than, long line, int pid)
    {
        (bool IsOther, bool IsBehind, long Distance) Rank(SeenAccess access) =>
            (access.Access.Chain[0].Pid != pid, access.Origin.Line > line, Math.Abs(access.Origin.Line - line));
        return Rank(seen).CompareTo(Rank(than)) < 0;
    }
}
