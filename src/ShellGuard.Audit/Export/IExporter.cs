using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Export;

/// <summary>Writes a profile in the language of one tool. What the tool cannot say stands in comments.</summary>
public interface IExporter
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>What comes out, for the help.</summary>
    string Description { get; }

    /// <summary>What a person may choose; the rest of the options means nothing here.</summary>
    ExportChoices Choices => ExportChoices.None;

    /// <summary>The whole text.</summary>
    string Write(AccessProfile profile, ExportOptions options);
}
