namespace ShellGuard.Audit.Import;

public sealed partial class Importer
{
    private LineAction BeginOther(TraceFormat format, string path, int input, out Action finish) =>
        throw new ImportException($"{path} cannot be read as {format}");

    private void FinishTables()
    {
    }
}
