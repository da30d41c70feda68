using System.Buffers;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Rendering;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Reports;

/// <summary>Accesses and processes in one line of safe text.</summary>
public static class AccessText
{
    private static readonly SearchValues<char> ShellCharacters = SearchValues.Create(" '\"$`;|&<>()*?[#~");

    /// <summary>Characters of a name.</summary>
    public const int Width = 160;

    /// <summary><c>rename /a to /b</c>, without the outcome.</summary>
    public static string Of(GeneralAccess access)
    {
        ArgumentNullException.ThrowIfNull(access);
        string target = (access.IsUnresolved ? "?/" : "") + Name(access.Target);
        string text = access.Operation == Operation.SystemCall ? target : $"{KebabCase.Of(access.Operation.ToString())} {target}";
        return access.Destination is null ? text : $"{text} to {Name(access.Destination)}";
    }

    /// <summary><c>denied (EACCES)</c>; empty for what went well.</summary>
    public static string Outcome(Outcome outcome) => outcome.IsGranted ? ""
        : outcome.Kind == OutcomeKind.Absent ? "not there"
        : outcome.Kind == OutcomeKind.Unknown ? "outcome not seen"
        : $"{KebabCase.Of(outcome.Kind.ToString())} ({SafeText.Of(outcome.Error, 20)})";

    /// <summary>The access with its outcome, for lists.</summary>
    public static string WithOutcome(GeneralAccess access)
    {
        ArgumentNullException.ThrowIfNull(access);
        string outcome = Outcome(access.Outcome);
        return outcome.Length == 0 ? Of(access) : $"{Of(access)}: {outcome}";
    }

    /// <summary>A program as a person names it: its path, or its command name.</summary>
    public static string Program(ProcessIdentity process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return process.Program.Length > 0 ? Name(process.Program)
            : process.CommandName.Length > 0 ? Name(process.CommandName)
            : "what was recorded from the middle";
    }

    /// <summary>The last part of a program's path.</summary>
    public static string ShortProgram(ProcessIdentity process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return process.Program.Length > 0 ? Name(process.Program[(process.Program.LastIndexOf('/') + 1)..]) : Name(process.CommandName);
    }

    /// <summary>Arguments as a shell would show them, without what looks like a secret.</summary>
    public static string Arguments(ArgumentVector arguments, int limit = Width)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        System.Text.StringBuilder text = new();
        foreach (HostileText argument in Redaction.Arguments(arguments.Kept))
        {
            if (text.Length > limit)
            {
                return text.Append(" …").ToString();
            }

            text.Append(text.Length > 0 ? " " : "");
            string shown = SafeText.Of(argument, limit);
            text.Append(shown.Length == 0 || shown.AsSpan().IndexOfAny(ShellCharacters) >= 0
                ? $"'{shown.Replace("'", "'\\''", StringComparison.Ordinal)}'"
                : shown);
        }

        return arguments.IsWhole ? text.ToString() : text.Append(" …").ToString();
    }

    /// <summary>A name of any kind.</summary>
    public static string Name(string name, int limit = Width) => SafeText.Of(HostileText.Of(KernelText.Encode(name)), limit);
}
