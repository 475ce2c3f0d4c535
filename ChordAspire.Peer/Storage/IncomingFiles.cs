namespace ChordAspire.Peer;

/// <summary>The two temporary files of an upload. Made when there is something to write: a small object touches the disk once it is complete.</summary>
internal sealed class IncomingFiles(IDisk disk, SpaceBudget budget, string path) : IDisposable
{
    private IDiskFile? _content;
    private long _written;

    public string Content => path;

    public string Sidecar { get; } = path + ".json";

    public bool IsEnded { get; private set; }

    public void WriteBlock(ReadOnlySpan<byte> bytes)
    {
        try
        {
            budget.AssertAboveFloor(bytes.Length);
            _content ??= disk.Create(Content);
            _content.Write(bytes, _written);
            _written += bytes.Length;
        }
        catch (IOException error) when (DiskErrors.IsFull(error))
        {
            throw budget.DiskFull(error);
        }
    }

    public void FinishContent(ReadOnlySpan<byte> rest)
    {
        WriteBlock(rest);
        Flushed(_content!);
        _content!.Dispose();
        _content = null;
    }

    public void WriteSidecar(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using IDiskFile file = disk.Create(Sidecar);
            file.Write(bytes, 0);
            Flushed(file);
        }
        catch (IOException error) when (DiskErrors.IsFull(error))
        {
            throw budget.DiskFull(error);
        }
    }

    /// <summary>Closes the files, and removes them where they have not got a place of their own.</summary>
    public void End(bool delete)
    {
        IsEnded = true;
        Dispose();
        if (!delete)
            return;
        disk.Delete(Sidecar);
        disk.Delete(Content);
    }

    public void Dispose() => _content?.Dispose();

    private void Flushed(IDiskFile file)
    {
        try
        {
            file.Flush();
        }
        catch (IOException error) when (DiskErrors.IsFull(error))
        {
            // Some file systems find room only now.
            throw budget.DiskFull(error);
        }
    }
}
