-- An editor's session with heapvet lsp, for Neovim without a screen.
-- Arguments, in the environment: SERVER (a list of words), ROOT and FILE.
-- It prints a line for each diagnostic that Neovim shows: line, source, text.

vim.cmd('edit ' .. vim.env.FILE)
local client = vim.lsp.start_client({
  name = 'gopls',
  cmd = vim.split(vim.env.SERVER, ' '),
  root_dir = vim.env.ROOT,
})
vim.lsp.buf_attach_client(0, client)

local function sources()
  local seen = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    seen[d.source] = true
  end
  return seen
end

local patience = 600 * 1000 -- milliseconds; the test has a limit of its own
vim.wait(patience, function() return sources().heapvet end)

-- A mistake that gopls tells, below what heapvet has found: both stand.
local last = vim.api.nvim_buf_line_count(0)
vim.api.nvim_buf_set_lines(0, last, last, false, { 'var wrong int = "text"' })
vim.wait(patience, function() return sources().compiler end)

for _, d in ipairs(vim.diagnostic.get(0)) do
  io.stdout:write(string.format('%d\t%s\t%s\n', d.lnum + 1, d.source, d.message))
end
vim.lsp.stop_client(client)
vim.wait(patience, function() return vim.lsp.get_client_by_id(client) == nil end)
vim.cmd('quitall!')
