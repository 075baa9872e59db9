import { type RefObject, useEffect, useRef } from 'react'

/**
 * The focus goes to the first faulty input as soon as its fault is shown. Asked for any earlier, such as at the next frame,
 * it finds no fault yet where the browser is busy.
 *
 * @param faults another object at each refusal; null or an empty one: nothing is faulty
 * @returns what is to stand at the element that holds the inputs
 */
export function useFocusOnFault(faults: object | null): RefObject<HTMLFormElement | null> {
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (faults === null || Object.keys(faults).length === 0) return
    element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [faults])
  return element
}
