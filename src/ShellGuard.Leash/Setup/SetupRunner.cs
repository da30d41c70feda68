using System.Text;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Setup;

/// <summary>Carries a plan out, and takes it back.</summary>
public static class SetupRunner
{
    /// <summary>Does what is not done yet. If something goes wrong, what this call did is taken back.</summary>
    /// <returns>What was done, a line each.</returns>
    /// <exception cref="LeashException">It could not be done.</exception>
    public static IReadOnlyList<string> Apply(SetupPlan plan)
    {
        SetupRecord record = SetupRecord.Open(plan.Request);
        bool isNew = record.Memories.Count == 0;
        List<string> done = [];
        try
        {
            bool hasSsh = false;
            foreach (SetupStep step in plan.Steps)
            {
                // Not before sshd agrees is the shell changed: who is locked out cannot set it right.
                if (step is ShellStep && hasSsh)
                {
                    SshSettings.Check(plan.Request);
                }

                hasSsh |= step.Target == plan.Request.At(SshSettings.FileOf(plan.Request.User));
                if (step.IsDone)
                {
                    continue;
                }

                record.Add(step.Remember(record.Keep));
                step.Apply();
                done.Add(step.Text);
            }

            if (hasSsh)
            {
                SshSettings.Check(plan.Request);
            }
        }
        catch (LeashException) when (isNew)
        {
            Undo(plan.Request);
            throw;
        }

        return done;
    }

    /// <summary>Takes back what was done for a user, the last step first.</summary>
    /// <returns>What was taken back, a line each.</returns>
    /// <exception cref="LeashException">Something was changed since. Then nothing is taken back.</exception>
    public static IReadOnlyList<string> Undo(SetupRequest request)
    {
        SetupRecord record = SetupRecord.Open(request);
        List<string> changed = [];
        foreach (SetupMemory memory in record.Memories)
        {
            if (ChangeSince(request, memory) is { } change)
            {
                changed.Add(change);
            }
        }

        if (changed.Count > 0)
        {
            throw new LeashException(
                $"nothing was taken back; since the set-up somebody changed\n{string.Join('\n', changed)}", LeashException.OwnFailure);
        }

        List<string> undone = [];
        for (int i = record.Memories.Count - 1; i >= 0; i--)
        {
            SetupMemory memory = record.Memories[i];
            if (memory.IsShared && Heir(request, memory) is { } heir)
            {
                SetupRecord other = SetupRecord.Open(request with { User = heir });
                HandOver(memory, record, other);
                undone.Add($"left {memory.Target}: the leash of {heir} needs it");
            }
            else
            {
                undone.Add(TakeBack(request, record, memory));
            }

            record.Remove(memory);
        }

        return undone;
    }

    /// <summary>Another user with a leash who needs what a step made. Whose account is gone needs nothing, and a line of
    /// /etc/shells only those whose login shell it is.</summary>
    private static string? Heir(SetupRequest request, SetupMemory memory) => SetupRecord.Others(request).FirstOrDefault(
        user => UserEntry.Find(request with { User = user }) is { } entry && (memory.Kind != "line" || entry.Shell == memory.After));

    private static void HandOver(SetupMemory memory, SetupRecord from, SetupRecord to)
    {
        if (memory.Backup is not null)
        {
            to.Keep(from.Kept(memory));
        }

        to.Inherit(memory);
    }

    /// <summary>What is neither as the step made it nor as it was before.</summary>
    private static string? ChangeSince(SetupRequest request, SetupMemory memory)
    {
        switch (memory.Kind)
        {
            case "file":
                string? hash = RootFile.Read(memory.Target, out _) is { } bytes ? RootFile.Hash(bytes) : null;
                return hash == memory.After || hash == memory.Before ? null : memory.Target;
            case "shell":
                string? shell = UserEntry.Find(request)?.Shell;
                return shell is null || shell == memory.After || shell == memory.Before
                    ? null
                    : $"the login shell of {memory.Target}, which is {shell}";
            default:
                return null;
        }
    }

    private static string TakeBack(SetupRequest request, SetupRecord record, SetupMemory memory)
    {
        switch (memory.Kind)
        {
            case "directory":
                return memory.Before is null && RootFile.RemoveDirectory(memory.Target)
                    ? $"removed {memory.Target}"
                    : $"left {memory.Target}: it is not empty";
            case "line":
                RemoveLine(memory);
                return $"removed the line {memory.After} from {memory.Target}";
            case "shell":
                if (UserEntry.Find(request) is { } user && user.Shell != memory.Before)
                {
                    UserEntry.SetShell(request, memory.Before ?? "");
                }

                return $"gave {memory.Target} the login shell {memory.Before} again";
            case "file" when memory.Before is null:
                RootFile.Remove(memory.Target);
                return $"removed {memory.Target}";
            default:
                RootFile.Write(memory.Target, record.Kept(memory), memory.Owner, memory.Group, memory.Mode);
                return $"wrote {memory.Target} as it was";
        }
    }

    private static void RemoveLine(SetupMemory memory)
    {
        if (RootFile.Read(memory.Target, out FileStatus status) is not { } bytes)
        {
            return;
        }

        string text = Encoding.UTF8.GetString(bytes);
        int at = ("\n" + text).IndexOf($"\n{memory.After}\n", StringComparison.Ordinal);
        if (at < 0)
        {
            return;
        }

        int end = at + memory.After.Length + 1;

        // The line feed that the last line lacked before is only the set-up's while nothing follows.
        int start = end == text.Length && memory.Before == "\n" ? at - 1 : at;
        RootFile.Write(
            memory.Target, Encoding.UTF8.GetBytes(text.Remove(start, end - start)), status.Owner, status.Group, status.Mode);
    }
}
