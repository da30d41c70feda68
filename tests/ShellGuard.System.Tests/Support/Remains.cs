using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;
using ShellGuard.Journal;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>What a session left in its storage.</summary>
internal static class Remains
{
    /// <summary>Checks the journal's chain.</summary>
    public static JournalVerification Verify(string session)
    {
        using FileStream journal = File.OpenRead(SessionFiles.Journal(session));
        return JournalVerifier.Verify(journal);
    }

    /// <summary>The records as text.</summary>
    public static string JournalText(string session) => File.ReadAllText(SessionFiles.Journal(session));

    /// <summary>Absolute paths that the session's layers change. Fails when a layer cannot be compared.</summary>
    public static IReadOnlyList<string> Changes(string session)
    {
        List<string> paths = [];
        foreach (string directory in Directory.GetDirectories(SessionFiles.Layers(session)))
        {
            Assert.True(Layer.TryOpen(directory, out Layer? layer, out string? problem), problem);
            using (layer)
            {
                foreach (Change change in LayerDiff.Compute(layer).Changes)
                {
                    Assert.True(change.Refusal is null, $"{change.Path}: {change.Refusal}");
                    paths.Add($"{layer.Metadata.Target}/{change.Path}");
                }
            }
        }

        return paths;
    }
}
