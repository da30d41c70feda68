using System.Text;
using ShellGuard.Cells.Layers;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

public class LayerTextDiffTests
{
    [Fact]
    public void Patch_applies_what_the_session_did()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            Random random = new(seed);
            using OverlaySession session = new("mkdir -p d/e 'with space'; printf 1 > d/e/gone; echo x > d/other");
            string[] names = ["a", "d/b", "with space/c d", "quo\"te\\", "d/é"];
            Dictionary<string, List<string>> files = [];
            foreach (string name in names)
            {
                files[name] = [.. Enumerable.Range(0, random.Next(60)).Select(_ => $"line {random.Next(12)}\n")];
                File.WriteAllText(Path.Combine(session.Target, name), string.Concat(files[name]));
            }

            OverlaySession.Shell(session.Root, "rm -rf native; cp -a target native");
            session.Record();
            StringBuilder script = new("rm -r d/e; : > newempty; printf 'no end' > 'new file'; ln -s a link; chmod +x d/other\n");
            foreach (string name in names)
            {
                List<string> lines = files[name];
                for (int i = random.Next(8); i > 0; i--)
                {
                    int at = random.Next(lines.Count + 1);
                    if (random.Next(2) == 0 || at == lines.Count)
                    {
                        lines.Insert(at, $"new {random.Next(5)}\n");
                    }
                    else
                    {
                        lines.RemoveAt(at);
                    }
                }

                string content = string.Concat(lines);
                content = random.Next(3) == 0 ? content.TrimEnd('\n') : content;
                string escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
                script.Append($"cat > \"{escaped}\" <<'END'\n{content}\nEND\n");
                // The here-document adds one newline.
                script.Append($"truncate -s -1 \"{escaped}\"\n");
            }

            session.Run(script.ToString());
            string patch = Path.Combine(session.Root, "patch");
            using (Layer layer = session.Open())
            using (FileStream output = File.Create(patch))
            {
                LayerTextDiff.Write(layer, LayerDiff.Compute(layer).Changes, output, isForTerminal: false);
            }

            OverlaySession.Shell(session.Native, "patch -p1 --no-backup-if-mismatch < ../patch; find . -type d -empty -delete");
            Assert.True(session.Commit().IsComplete);
            OverlaySession.Shell(session.Target, "find . -type d -empty -delete");
            Assert.Equal(Snapshot.Of(session.Target), Snapshot.Of(session.Native));
        }
    }

    [Fact]
    public void On_a_terminal_nothing_acts()
    {
        using OverlaySession session = new("true");
        session.Record();
        session.Run("printf 'a\\033[2Jb\\r\\n' > \"$(printf 'n\\033]0;x')\"; printf 'a\\0b' > binary");
        using MemoryStream output = new();
        using (Layer layer = session.Open())
        {
            LayerTextDiff.Write(layer, LayerDiff.Compute(layer).Changes, output, isForTerminal: true);
        }

        Assert.DoesNotContain(output.ToArray(), b => b is < 0x20 and not (byte)'\n' and not (byte)'\t' or 0x7F);
        Assert.Contains("Binary or large files", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
        Assert.Contains("+a\\x1b[2Jb\\r", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Very_different_files_are_replaced_in_time()
    {
        Random random = new(1);
        int[] before = [.. Enumerable.Range(0, 40000).Select(_ => random.Next())];
        int[] after = [.. Enumerable.Range(0, 40000).Select(_ => random.Next())];
        (bool[] old, bool[] @new) = LineDiff.Kept(before, after);
        Assert.DoesNotContain(true, old);
        Assert.DoesNotContain(true, @new);
    }
}
