using System.Security.Cryptography;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Leash.Configuration;

/// <summary>Reads a configuration: l8ash's <c>[[whitelist]]</c> with this house's additions. A key that nobody knows is a
/// mistake, because a misspelt <c>integrity</c> would otherwise run unchecked.</summary>
public sealed partial class ConfigurationReader
{
    /// <summary>What configurations of l8ash may hold and what never meant anything.</summary>
    private static readonly string[] Unused = ["shell_integrity", "blacklist"];

    private static readonly string[] TopKeys = ["whitelist", "interpreters", "libraries", "leash", "compat", .. Unused];

    private readonly string _file;
    private readonly List<Diagnostic> _findings = [];
    private readonly List<LeashEntry> _entries = [];
    private readonly Dictionary<string, LeashEntry> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _interpreters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _libraries = new(StringComparer.Ordinal);
    private LeashSettings _settings = LeashSettings.Default;

    private ConfigurationReader(string file) => _file = file;

    /// <summary>Reads a configuration. Never throws, whatever the bytes.</summary>
    /// <param name="file">Its path, for messages.</param>
    public static ConfigurationResult Read(string file, ReadOnlySpan<byte> bytes)
    {
        ConfigurationReader reader = new(file);
        if (bytes.Length > LeashConfiguration.MaximumBytes)
        {
            reader.Error(default, $"the configuration is longer than {LeashConfiguration.MaximumBytes / 1024} KiB");
            return new ConfigurationResult(null, reader._findings, "");
        }

        TomlDocument document = TomlReader.Read(bytes);
        foreach (TomlError error in document.Errors)
        {
            reader.Error(error.Span, error.Message);
        }

        reader.ReadTop(document.Root);
        List<Diagnostic> findings = [.. reader._findings.OrderBy(f => f.Line).ThenBy(f => f.Column)];
        LeashConfiguration? configuration = findings.Exists(finding => finding.Severity == Severity.Error)
            ? null
            : new LeashConfiguration(
                file, Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant(), reader._entries,
                reader._interpreters, reader._settings)
            {
                Libraries = reader._libraries,
            };
        return new ConfigurationResult(configuration, findings, document.Text.Text);
    }

    private void ReadTop(TomlTable root)
    {
        foreach (TomlEntry entry in root.Entries)
        {
            if (!TopKeys.Contains(entry.Key.Name, StringComparer.Ordinal))
            {
                Unknown(entry.Key, TopKeys);
            }
        }

        // Settings first: entries are judged by them wherever they stand.
        if (Table(root, "compat") is { } compat)
        {
            ReadCompatibility(compat);
        }

        if (Table(root, "leash") is { } leash)
        {
            ReadSettings(leash);
        }

        if (Table(root, "interpreters") is { } interpreters)
        {
            ReadHashes(interpreters, _interpreters, "an interpreter");
        }

        if (Table(root, "libraries") is { } libraries)
        {
            ReadHashes(libraries, _libraries, "a library");
        }

        switch (root.Find("whitelist")?.Value)
        {
            case null when _findings.Count > 0:
                // It may be behind the mistake.
                break;
            case null:
                Error(default, "'whitelist' is missing", "write whitelist = [] where nothing is allowed");
                break;
            case TomlArray array:
                ReadEntries(array);
                break;
            case { } other:
                Error(other.Span, $"'whitelist' is an array of tables, not {other.Kind}", "write [[whitelist]]");
                break;
        }
    }

    private TomlTable? Table(TomlTable root, string name)
    {
        TomlValue? value = root.Find(name)?.Value;
        if (value is null or TomlTable)
        {
            return value as TomlTable;
        }

        Error(value.Span, $"'{name}' is a table, not {value.Kind}", $"write [{name}]");
        return null;
    }

    private void ReadCompatibility(TomlTable table)
    {
        Compatibility compatibility = Compatibility.None;
        foreach (TomlEntry entry in table.Entries)
        {
            switch (entry.Key.Name)
            {
                case "exit_zero":
                    compatibility = compatibility with { ExitZero = Boolean(entry) };
                    break;
                case "unicode_blanks":
                    compatibility = compatibility with { UnicodeBlanks = Boolean(entry) };
                    break;
                case "require_columns":
                    compatibility = compatibility with { RequireColumns = Boolean(entry) };
                    break;
                default:
                    Unknown(entry.Key, ["exit_zero", "unicode_blanks", "require_columns"]);
                    break;
            }
        }

        _settings = _settings with { Compatibility = compatibility };
    }

    private void ReadSettings(TomlTable table)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            _settings = entry.Key.Name switch
            {
                "help" => _settings with { Help = Boolean(entry) },
                "completion" => _settings with { Completion = Boolean(entry) },
                "inherit_env" => _settings with { InheritedVariables = VariableNames(entry) },
                "path" => _settings with { Path = SearchPath(entry) },
                "max_stages" => _settings with
                {
                    MaximumStages = (int)(Number(entry, 1, LeashSettings.MostStages) ?? LeashSettings.DefaultStages),
                },
                "max_command_bytes" => _settings with
                {
                    MaximumCommandBytes =
                        (int)(Number(entry, 1, LeashSettings.MostCommandBytes) ?? LeashSettings.DefaultCommandBytes),
                },
                "timeout" => _settings with { Timeout = Duration(entry) },
                "idle_timeout" => _settings with { IdleTimeout = Duration(entry) },
                "rate" => _settings with { Rate = Rate(entry) },
                "state" => _settings with { State = AbsolutePath(entry) },
                "policy" => _settings with { Policy = PolicyName(entry) },
                _ => UnknownSetting(entry.Key),
            };
        }
    }

    private LeashSettings UnknownSetting(TomlKey key)
    {
        Unknown(
            key,
            ["help", "completion", "inherit_env", "path", "max_stages", "max_command_bytes", "timeout", "idle_timeout", "rate",
                "state", "policy"]);
        return _settings;
    }

    private void ReadHashes(TomlTable table, Dictionary<string, string> hashes, string what)
    {
        foreach (TomlEntry entry in table.Entries)
        {
            if (entry.Key.Name is not ['/', ..])
            {
                Error(entry.Key.Span, $"{what} is named by its path from the root");
            }
            else if (Text(entry) is { } text && Hash(text, entry.Value.Span) is { } hash)
            {
                hashes.Add(entry.Key.Name, hash);
            }
        }
    }

    private void Unknown(TomlKey key, IEnumerable<string> known)
    {
        string? near = NearestName.Find(key.Name, known.Select(name => name.Replace('_', '-')))?.Replace('-', '_');
        Error(
            key.Span, $"unknown key '{SafeText.Shorten(key.Name, 60)}'", near is null ? null : $"did you mean {near}?");
    }

    private void Error(TomlSpan span, string message, string? suggestion = null) =>
        _findings.Add(new Diagnostic(
            Severity.Error, _file, span.Line, span.Column, Math.Max(1, span.Length), message, suggestion));
}
