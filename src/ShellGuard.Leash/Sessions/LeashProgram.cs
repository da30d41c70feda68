using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Editing;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Leash.Sessions;

/// <summary>The leash as a program: finds the configuration, opens the journal, and reads lines from where they come.
/// </summary>
public static class LeashProgram
{
    /// <summary>Runs it.</summary>
    /// <param name="arguments">What was asked for.</param>
    /// <param name="environment">The caller's.</param>
    /// <param name="version">For the journal.</param>
    /// <returns>The status: that of the last line, 78 for a configuration that cannot be used, 125 without a journal, 128
    /// and the signal where one came.</returns>
    public static int Run(LeashArguments arguments, IReadOnlyDictionary<string, string> environment, string version)
    {
        using StandardStreams streams = StandardStreams.Open();
        try
        {
            return Run(arguments.WithForcedCommand(environment), environment, version, streams);
        }
        catch (LeashException refusal)
        {
            streams.Complain($"leash: {string.Join('\n', refusal.Message.Split('\n').Select(SafeText.Message))}");
            return refusal.Status;
        }
        catch (LinuxException failure)
        {
            streams.Complain($"leash: {SafeText.Message(failure.Message)}");
            return LeashException.OwnFailure;
        }
    }

    private static int Run(
        LeashArguments arguments, IReadOnlyDictionary<string, string> environment, string version, StandardStreams streams)
    {
        // A setgid leash is one whose loader believes nothing of the caller's, ld.so(8) "secure-execution mode"; the group
        // itself is of no use to it.
        Accounts.GiveUpForeignRights().OrThrow();
        LeashStart start = LeashHost.Find(arguments, environment);
        LocatedConfiguration located = arguments.Unrestricted ? Unrestricted(start) : ConfigurationLocator.Locate(start);
        foreach (string notice in located.Notices)
        {
            streams.Complain($"leash: {SafeText.Message(notice)}");
        }

        using Descriptor input = Open(arguments, streams);
        bool interactive = arguments is { Line: null, Script: null } && Terminal.IsTerminal(streams.Input);
        string root = located.Configuration.Settings.State ?? StorageRoot(start);

        // What runs beside it under the same user must neither read its memory nor trace it.
        Processes.SetOpenToOthers(false).OrThrow();
        using LeashSignals signals = new(interactive);
        using LeashLedger ledger = LeashLedger.Begin(located, start, Command(arguments), root, version);
        using LeashShell shell = new(located, start, ledger, streams, signals, TerminalOf(streams), root);
        ILineReader lines = arguments.Line is { } line ? new SingleLine(KernelText.Encode(line))
            : interactive ? new LineEditor(input, located.Configuration, signals)
            : new LineSource(input, shared: arguments.Script is null);
        return shell.Run(lines, interactive);
    }

    private static LocatedConfiguration Unrestricted(LeashStart start) => start.IsStrict
        ? throw new LeashException("--unrestricted is not for login shells and not for ssh", LeashException.Usage)
        : new LocatedConfiguration(LeashConfiguration.Everything, ["unrestricted: every program may be run"]);

    private static Descriptor Open(LeashArguments arguments, StandardStreams streams)
    {
        if (arguments.Script is not { } script)
        {
            DescriptorIo.Duplicate(streams.Input.Number, out Descriptor same).OrThrow();
            return same;
        }

        LinuxResult opened = Files.Open(
            script, OpenFlags.RDONLY | OpenFlags.NOCTTY | OpenFlags.CLOEXEC, out Descriptor file);
        return opened.Succeeded
            ? file
            : throw new LeashException(
                $"{SafeText.Escape(script)} cannot be opened: {opened.Error}", opened.Error is Errno.ENOENT ? 127 : 126);
    }

    private static List<string> Command(LeashArguments arguments) =>
        arguments.Line is { } line ? ["leash", line] : arguments.Script is { } script ? ["leash", script] : ["leash"];

    private static string StorageRoot(LeashStart start) =>
        !start.IsStrict && start.Environment.GetValueOrDefault("SHELLGUARD_STATE") is ['/', ..] chosen
            ? chosen
            : SessionStorage.DefaultRoot(start.User.Uid);

    /// <summary>The terminal among the standard descriptors that this process may hand on.</summary>
    private static Descriptor? TerminalOf(StandardStreams streams) =>
        ((Descriptor[])[streams.Input, streams.Output, streams.Error]).FirstOrDefault(Terminal.IsInFront);
}
