import { createContext, useContext } from 'react'

/** Who is signed in, and where. */
export interface Viewer {
  userId: string
  userName: string
  role: 'OWNER' | 'ADMIN'
  workspaceName: string
  /** IANA name; all dates are shown in it. */
  timeZone: string
}

export const ViewerContext = createContext<Viewer | null>(null)

/** Who is signed in; only below the session gate. */
export function useViewer(): Viewer {
  const viewer = useContext(ViewerContext)
  if (viewer === null) throw new Error('Nobody is signed in here')
  return viewer
}
