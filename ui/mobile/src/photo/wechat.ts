// Photos in a mini program: made small by WeChat, kept among the user's own files until they are sent.
import { LONGEST, QUALITY, type Device } from './device'

/** Of `wx.getFileSystemManager`, as much as is used here. */
interface Files {
  copyFile: (it: { srcPath: string; destPath: string; success: () => void; fail: (reason: unknown) => void }) => void
  readFile: (it: { filePath: string; success: (it: { data: ArrayBuffer }) => void; fail: (reason: unknown) => void }) => void
  unlink: (it: { filePath: string; complete: () => void }) => void
}

declare const wx: { env: { USER_DATA_PATH: string }; getFileSystemManager: () => Files }

const files = () => wx.getFileSystemManager()
const pathOf = (id: string) => `${wx.env.USER_DATA_PATH}/${id}.jpg`

const shrunk = (path: string): Promise<string> =>
  new Promise((made, fail) => {
    uni.compressImage({
      src: path,
      quality: Math.round(QUALITY * 100),
      compressedWidth: LONGEST,
      success: it => made(it.tempFilePath),
      fail,
    })
  })

export const wechat: Device = {
  async takeIn(path, id) {
    const srcPath = await shrunk(path)
    await new Promise<void>((success, fail) => files().copyFile({ srcPath, destPath: pathOf(id), success, fail }))
  },
  show: id => Promise.resolve(pathOf(id)),
  bytes: id =>
    new Promise((got, fail) => files().readFile({ filePath: pathOf(id), success: it => got(it.data), fail })),
  drop: id => new Promise(complete => files().unlink({ filePath: pathOf(id), complete })),
}
