import { Button, Group, Text } from '@mantine/core'
import { Panel } from '../../../ui/panel.tsx'
import { tellDone, tellProblem } from '../../../ui/tell.ts'
import { useViewer } from '../../../ui/viewer.ts'
import { useSettings } from '../settings-context.ts'
import { fileName } from './file-name.ts'

export function ExportSettings() {
  const { integration, document } = useSettings()
  const { timeZone } = useViewer()
  const text = `${JSON.stringify(document, null, 2)}\n`
  const name = fileName(integration.name, new Date(), timeZone)

  function download() {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    const link = window.document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    URL.revokeObjectURL(url)
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      tellDone('The settings are copied.')
    } catch {
      tellProblem('The browser does not let this page copy. Download the file.')
    }
  }

  return (
    <Panel title="Export">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        What is in force now, as {name}.
      </Text>
      <Group gap="xs">
        <Button onClick={download}>Download</Button>
        <Button variant="default" onClick={() => void copy()}>
          Copy
        </Button>
      </Group>
    </Panel>
  )
}
